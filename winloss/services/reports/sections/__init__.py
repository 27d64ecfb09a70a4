"""The sections of the quarterly synthesis, one module a section; `reports.reporting` puts them together."""
