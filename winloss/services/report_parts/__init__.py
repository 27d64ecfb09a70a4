"""The sections of the quarterly synthesis, one module a section; `winloss.services.reporting` puts them together."""
