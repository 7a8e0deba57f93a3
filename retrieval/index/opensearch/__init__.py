"""The index on an OpenSearch cluster, which several bots share; needs the extra `zhiwen[opensearch]`."""
