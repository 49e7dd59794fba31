"""The web kit: errors as answers, cursors, fast JSON, the API factory, and the page every server page stands on."""
