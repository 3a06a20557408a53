"""Operations of the service, each a function over a transaction or a snapshot."""
