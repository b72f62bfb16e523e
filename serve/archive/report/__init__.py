"""What an archive adds up to: shares with intervals, corrected, and how far they hold."""
