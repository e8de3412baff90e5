"""Documents: PDFs and QR codes."""
