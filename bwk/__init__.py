"""Evaluation workbook for neighbourhood work rooms (buurtwerkkamers)."""
