"""Reports: one module per format, all of them functions of one plain value, `model.Report`."""
