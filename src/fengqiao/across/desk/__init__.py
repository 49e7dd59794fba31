"""What people at a desk keep and do beside single cases: views of their own, standard texts, many cases at once, lists to take away."""
