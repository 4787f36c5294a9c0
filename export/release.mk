# `make release` and `make sbom`: what a release consists of, and what it is made of.

RELEASE_DIR ?= build/release
SBOM_DIR ?= build/sbom
# In an environment of its own: what it brings is no part of ours.
CYCLONEDX := cyclonedx-bom==7.2.1

.PHONY: release sbom audit
release: $(ENV_READY) $(PAGE)  ## wheel, page, models, checksums and notes in build/release, the same bytes every time
	@echo "==> the release (half a minute)"
	@$(PY) -m export release --page web_demo/dist --out $(RELEASE_DIR)

# The package's bill is that of the wheel in an environment with nothing else; the page's is that of its lock file.
sbom: release  ## bills of materials (CycloneDX) of the package and the page in build/sbom, their licences checked
	@echo "==> bills of materials (a minute)"
	@rm -rf $(SBOM_DIR) && mkdir -p $(SBOM_DIR)
	@$(PY) -m venv $(SBOM_DIR)/tool && $(SBOM_DIR)/tool/bin/pip install -qq '$(CYCLONEDX)'
	@$(PY) -m venv --without-pip $(SBOM_DIR)/package
	@$(PY) -m pip --python $(SBOM_DIR)/package/bin/python install -qq --constraint constraints.txt $(RELEASE_DIR)/*.whl
	@$(SBOM_DIR)/tool/bin/cyclonedx-py environment --output-reproducible --of JSON -o $(SBOM_DIR)/python.cdx.json $(SBOM_DIR)/package/bin/python
	@npm --prefix web_demo sbom --package-lock-only --sbom-format cyclonedx >$(SBOM_DIR)/page.cdx.json
	@rm -rf $(SBOM_DIR)/tool $(SBOM_DIR)/package
	@$(PY) -m export licences $(SBOM_DIR)/python.cdx.json $(SBOM_DIR)/page.cdx.json

# Asks the registries, which know of faults in versions; fails where one is known, or where they do not answer.
audit: sbom  ## known faults in what is shipped, as npm's registry and PyPI tell (needs the network)
	@cd web_demo && npm audit --omit dev
	@$(PY) -m venv $(SBOM_DIR)/audit && $(SBOM_DIR)/audit/bin/pip install -qq pip-audit==2.10.1
	@$(PY) -c "import json; [print(one['name'] + '==' + one['version']) for one in json.load(open('$(SBOM_DIR)/python.cdx.json'))['components'] if one['name'] != 'impasto']" >$(SBOM_DIR)/requirements.txt
	@$(SBOM_DIR)/audit/bin/pip-audit --strict --no-deps --disable-pip -r $(SBOM_DIR)/requirements.txt
	@rm -rf $(SBOM_DIR)/audit
