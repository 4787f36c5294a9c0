# `make weights`: the shipped networks from a folder of photographs and a folder of paintings, stage by stage. Every stage
# resumes: after Ctrl-C, or on another machine, the same command goes on. Starting weights come as for `python -m train`
# (IMPASTO_VGG16_WEIGHTS, IMPASTO_INCEPTION_V3_WEIGHTS, IMPASTO_MOBILENET_V2_WEIGHTS, else Keras' cache or download).

CONTENT ?=
STYLE ?=
WEIGHTS_DIR ?= runs/weights
HOLDOUT ?= 0.05
# Of every fit, and of every run that trains: what a trial makes smaller, such as '--optim.steps 2'.
FIT_FLAGS ?=
TRAIN_FLAGS ?=

WEIGHTS_CONTENT = $(CONTENT)@$(WEIGHTS_DIR)/content.json
WEIGHTS_STYLE = $(STYLE)@$(WEIGHTS_DIR)/style.json
WEIGHTS_DATA = --data.content "$(WEIGHTS_CONTENT)\#train" --data.style "$(WEIGHTS_STYLE)\#train" \
	--data.preview-content "$(WEIGHTS_CONTENT)\#val" --data.preview-style "$(WEIGHTS_STYLE)\#val"

weights: $(WEIGHTS_DIR)/report/report.html  ## train the shipped networks (CONTENT=photos/ STYLE=paintings/; days)

# Which pictures are held out hangs on their names alone.
$(WEIGHTS_DIR)/content.json: | $(ENV_READY)
	@test -d "$(CONTENT)" && test -d "$(STYLE)" || { echo "error: expected two folders of pictures: make weights CONTENT=photos/ STYLE=paintings/" >&2; exit 1; }
	@$(PY) -m datasets split "$(CONTENT)" --holdout $(HOLDOUT) --seed 0 --out $@

$(WEIGHTS_DIR)/style.json: $(WEIGHTS_DIR)/content.json
	@$(PY) -m datasets split "$(STYLE)" --holdout $(HOLDOUT) --seed 0 --out $@

# The teacher: the predictor's last layer first, then all of it on small pictures.
$(WEIGHTS_DIR)/teacher-start.keras: $(WEIGHTS_DIR)/style.json
	@echo "==> weights 1 of 4: the last layer of the teacher's predictor, fitted"
	@$(PY) -m train fit --style "$(WEIGHTS_STYLE)#train" --predictor inception_v3_statistics --transformer fine $(FIT_FLAGS) --out $@

$(WEIGHTS_DIR)/teacher/teacher.keras: $(WEIGHTS_DIR)/teacher-start.keras
	@echo "==> weights 2 of 4: the teacher, on small pictures"
	@$(PY) -m train teacher fine --workdir $(@D) --model.start-from $< $(WEIGHTS_DATA) $(TRAIN_FLAGS)

# The student learns beside the teacher: its predictor the vectors, its transformer to paint from them.
$(WEIGHTS_DIR)/student-start.keras: $(WEIGHTS_DIR)/teacher/teacher.keras
	@echo "==> weights 3 of 4: the last layer of the student's predictor, fitted to the teacher's vectors"
	@$(PY) -m train fit --style "$(WEIGHTS_STYLE)#train" --teacher $< $(FIT_FLAGS) --out $@

$(WEIGHTS_DIR)/together/teacher.keras: $(WEIGHTS_DIR)/student-start.keras
	@echo "==> weights 4 of 4: teacher and student together, on larger pictures"
	@$(PY) -m train teacher together --workdir $(@D) --model.start-from $(WEIGHTS_DIR)/teacher/teacher.keras \
		--student.start-from $< $(WEIGHTS_DATA) $(TRAIN_FLAGS)

# Systems are told apart by their files' names.
$(WEIGHTS_DIR)/report/report.html: $(WEIGHTS_DIR)/together/teacher.keras
	@cp $(WEIGHTS_DIR)/together/student-large.keras $(WEIGHTS_DIR)/student-fine.keras
	@cp $(WEIGHTS_DIR)/together/student.keras $(WEIGHTS_DIR)/student-fast.keras
	@cp $< $(WEIGHTS_DIR)/teacher.keras
	@$(PY) -m train evaluate $(WEIGHTS_DIR)/teacher.keras $(WEIGHTS_DIR)/student-fine.keras $(WEIGHTS_DIR)/student-fast.keras \
		--content "$(WEIGHTS_CONTENT)#val" --unobserved "$(WEIGHTS_STYLE)#val" $(EVALUATE_FLAGS) --out $(@D)
	@echo "==> $(WEIGHTS_DIR)/teacher.keras, student-fine.keras, student-fast.keras; judged in $@"
