"""What every public record shares. It knows no kind of record."""
