"""The runner of the contract's scenarios: it holds any server against files, and knows no call of its own."""
