"""What is known: content, language, search and the decision what to answer."""
