"""The pages, one module an area; each makes a blueprint around the workbench."""
