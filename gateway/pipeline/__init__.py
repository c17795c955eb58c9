"""The way of a document: receive, translate, handle, compose, deliver. Each file reads top to bottom."""
