"""Date and time formats for languages where Django's own formats are not what people use."""
