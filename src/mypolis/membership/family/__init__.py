"""Access to other people's cover: families on a policy, proxies, the privacy of young people, a log of viewings."""
