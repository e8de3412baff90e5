"""Who may see whom: families on a policy, proxies by consent, what a young person keeps private, and who looked."""
