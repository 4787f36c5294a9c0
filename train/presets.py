"""Named configurations: what each reproduces, how long it takes, what to expect of it.

| preset | for | 2 cores | one accelerator |
|---|---|---|---|
| `tiny` | the whole path with no download: random starting weights, generated pictures | under a minute | seconds |
| `default` | a teacher or student to look at, balanced loss | hours | an hour |
| `student` | MobileNetV2's statistics and `fast`, end to end after `fit` and `warm` | two hours | minutes |
| `warm` | the transformer's start: a painter's pictures, learnt by mean absolute difference | minutes | seconds |
| `fine` | the teacher: Inception-v3's statistics and the transformer `fine`, small pictures | days | an hour |
| `fine-large` | the same teacher on larger pictures, which are as people stylise them | a day | half an hour |
| `together` | what ships: that teacher and its student at once, both from a start | days | ten minutes |
| `predictor` | the student's predictor: MobileNetV2 learns the teacher's vectors | an hour | minutes |
| `pictures` | the student's `fast` learns the teacher's pictures, with the student's vectors | hours | minutes |
| `tune` | the same transformer on the perceptual loss, still with the student's vectors | a day | half an hour |
| `paper` | Ghiasi et al. 2017: plain losses, constant rate 1e-5, 4 million steps | months | days |
"""

from __future__ import annotations

from dataclasses import replace

from train.config import (
    DataConfig,
    DistillationConfig,
    DistillConfig,
    LossConfig,
    ModelConfig,
    OptimConfig,
    RunConfig,
    TeacherConfig,
)

_TINY_DATA = DataConfig(
    content="synthetic:32:96",
    style="synthetic:32:96",
    batch_size=2,
    content_size=64,
    canvas=96,
    style_size=(64, 80),
    identity_fraction=0.25,
)
_TINY_OPTIM = OptimConfig(steps=12, warmup_steps=2, ema_momentum=0.5)
_TINY_RUN = RunConfig(log_every=4, checkpoint_every=6, picture_every=12)
_TINY_LOSS = LossConfig(vgg16_weights="random")
# Photographs at many scales, and as large as people stylise them: 400 steps at 256 px lowered the losses at 384 px as
# much as an hour of more and smaller pairs, at 160 px, had. Two sizes of paintings, each of which compiles once.
_STUDENT_DATA = DataConfig(
    batch_size=2,
    content_size=256,
    content_crop=0.4,
    style_size=(240, 336),
    style_size_step=48,
    identity_fraction=0.05,
    style_jitter=0.25,
)
_STUDENT = ModelConfig(predictor="mobilenet_v2_early")
# The teacher's first stage: more pairs count for more than larger ones, until late.
_TEACHER_DATA = replace(
    _STUDENT_DATA, batch_size=4, content_size=160, canvas=256, style_size=(128, 209), style_size_step=40
)
_TEACHER = ModelConfig(predictor="inception_v3_statistics", transformer="fine")
# Judged with maximum pooling, so trained with it (train/judge.py); judged at 384 px and larger, where zero padding
# changes less than at the sizes of training, so trained with borders that go on.
_LOSS = LossConfig(
    pooling="max", padding="reflect", content_weight=1.05, consistency_weight=2.0, border_weight=0.2, emphasis=1.0
)
_LONG_RUN = RunConfig(checkpoint_every=250, picture_every=1000)
# One style space: the student's vectors are the teacher's as well as they can be, and no later stage moves them.
_FAST = DistillationConfig(transformer="own", tune_predictor=False, tune_transformer=True)
_PAPER_DATA = DataConfig(style_size=(128, 300), style_size_step=1)
# Ghiasi et al. 2017's published code: style 0.5e-3 a layer, total variation 1e4 on [0, 1] pictures, Adam at 1e-5,
# no schedule, no clipping. The weights assume VGG's 0..255 scale, as models/loss_network.py has it.
_PAPER_LOSS = LossConfig(
    kind="paper",
    style_weights=(0.5e-3, 0.5e-3, 0.5e-3, 0.5e-3),
    total_variation_weight=1e4,
    identity_weight=0.0,
    mixed_precision=False,
)
_PAPER_OPTIM = OptimConfig(
    steps=4_000_000, learning_rate=1e-5, warmup_steps=0, final_learning_rate=1.0, clip_norm=0.0, ema_momentum=0.999
)
_PAPER_RUN = RunConfig(log_every=100, checkpoint_every=5000, picture_every=5000)

TEACHER = {
    "default": TeacherConfig(data=DataConfig(identity_fraction=0.1, style_jitter=0.25)),
    "student": TeacherConfig(
        data=_STUDENT_DATA,
        model=_STUDENT,
        loss=_LOSS,
        optim=OptimConfig(steps=8000, learning_rate=6e-4, predictor_rate=0.03, warmup_steps=40, whiten=True, muon=True),
    ),
    "fine": TeacherConfig(
        data=_TEACHER_DATA,
        model=_TEACHER,
        loss=_LOSS,
        optim=OptimConfig(
            steps=25_000,
            learning_rate=1.5e-3,
            predictor_rate=0.03,
            warmup_steps=200,
            whiten=True,
            muon=True,
            ema_momentum=0.998,
        ),
        run=_LONG_RUN,
    ),
    "fine-large": TeacherConfig(
        data=replace(_STUDENT_DATA, canvas=256),
        model=_TEACHER,
        loss=_LOSS,
        optim=OptimConfig(
            steps=10_000, learning_rate=4e-4, predictor_rate=0.03, warmup_steps=100, whiten=True, muon=True
        ),
        run=_LONG_RUN,
    ),
    # As it was run on an accelerator, where every size of paintings would be compiled anew: one size.
    "together": TeacherConfig(
        data=replace(_STUDENT_DATA, canvas=256, batch_size=32, content_size=272, style_size=(256, 257)),
        model=_TEACHER,
        # Two loss networks, and none of them always at the same pixels: less is painted for VGG16 alone.
        loss=replace(_LOSS, content_weight=1.25, consistency_weight=1.5, mobilenet_weight=2.0, shift=12),
        optim=OptimConfig(
            steps=4000,
            learning_rate=1.5e-3,
            predictor_rate=0.03,
            warmup_steps=100,
            # The student's vector loss has ten times the gradient of the rest; Adam and Muon do not mind its size.
            clip_norm=20.0,
            whiten=True,
            muon=True,
        ),
        run=_LONG_RUN,
    ),
    "tiny": TeacherConfig(
        data=_TINY_DATA,
        # MobileNetV2 stands in for Inception-v3, which alone takes longer to build than this run may last.
        model=ModelConfig(predictor="mobilenet_v2_early", predictor_width=0.35, predictor_weights="random"),
        loss=_TINY_LOSS,
        optim=_TINY_OPTIM,
        run=_TINY_RUN,
    ),
    "paper": TeacherConfig(
        data=_PAPER_DATA,
        model=ModelConfig(transformer="paper", freeze_batch_norm=False, mixed_precision=False),
        loss=_PAPER_LOSS,
        optim=_PAPER_OPTIM,
        run=_PAPER_RUN,
    ),
}

DISTILL = {
    "default": DistillConfig(
        data=DataConfig(identity_fraction=0.1, style_jitter=0.25),
        distillation=DistillationConfig(tune_transformer=True, perceptual_weight=1.0),
        # 1e-3 suits the early layers alone on vectors, but kills a whole MobileNetV2 with its batch norm frozen.
        optim=OptimConfig(learning_rate=2e-4),
    ),
    "warm": DistillConfig(
        data=DataConfig(
            content_size=192, style_size=(192, 257), style_size_step=64, identity_fraction=0.1, style_jitter=0.25
        ),
        model=_STUDENT,
        distillation=DistillationConfig(
            transformer="own", tune_predictor=False, tune_transformer=True, picture_weight=1.0, perceptual_weight=0.0
        ),
        optim=OptimConfig(steps=600, learning_rate=3e-3, warmup_steps=60, ema_momentum=0.98),
    ),
    "predictor": DistillConfig(
        # No pictures are painted, and photographs are not looked at.
        data=replace(
            _STUDENT_DATA, batch_size=16, content_size=32, canvas=256, style_size=(192, 257), style_size_step=64
        ),
        model=_STUDENT,
        optim=OptimConfig(steps=6000, learning_rate=5e-4, warmup_steps=100, whiten=True),
        run=replace(_LONG_RUN, picture_every=0),
    ),
    "pictures": DistillConfig(
        data=replace(_TEACHER_DATA, batch_size=8, content_size=192),
        model=_STUDENT,
        distillation=replace(_FAST, vector_weight=0.0, picture_weight=1.0),
        optim=OptimConfig(steps=10_000, learning_rate=2e-3, warmup_steps=100, muon=True),
        run=_LONG_RUN,
    ),
    "tune": DistillConfig(
        data=replace(_STUDENT_DATA, canvas=256),
        model=_STUDENT,
        distillation=replace(_FAST, vector_weight=0.0, perceptual_weight=1.0),
        loss=_LOSS,
        optim=OptimConfig(steps=10_000, learning_rate=6e-4, warmup_steps=100, muon=True),
        run=_LONG_RUN,
    ),
    "tiny": DistillConfig(
        data=_TINY_DATA,
        model=replace(_STUDENT, predictor_width=0.35, predictor_weights="random"),
        distillation=DistillationConfig(tune_transformer=True, picture_weight=1.0, perceptual_weight=1.0),
        loss=_TINY_LOSS,
        optim=_TINY_OPTIM,
        run=_TINY_RUN,
    ),
    "paper": DistillConfig(
        data=_PAPER_DATA,
        model=replace(_STUDENT, freeze_batch_norm=False, mixed_precision=False),
        loss=_PAPER_LOSS,
        optim=_PAPER_OPTIM,
        run=_PAPER_RUN,
    ),
}
