"""The first sift: what a message is, judged offline by rules and a small linear model, with the words that said so."""
