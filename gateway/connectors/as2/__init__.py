"""AS2 by HTTP: the door that partners call, and the way to theirs."""
