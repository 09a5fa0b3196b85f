"""Whether the portal holds on several machines, and what that brings (docs/scale.md)."""
