"""The vocabulary that everything else speaks: issues, lifecycles, errors, retry policy and ports. No I/O, no clock."""
