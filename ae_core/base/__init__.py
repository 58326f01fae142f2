"""What everything else stands on: errors, options, limits, owners, locks."""
