"""schemas/ compiled into validators; code lists; relational conditions. Texts are handed in, nothing is opened here."""
