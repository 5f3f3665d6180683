def handler(event, context):
    return "nothing deployed yet"
