def falsifiable(statement: str) -> tuple[bool, str]:
    return True, ""
