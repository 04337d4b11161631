"""What the device makes of input: values, messages and requests that it should not take."""
