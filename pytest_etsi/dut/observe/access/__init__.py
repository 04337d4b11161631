"""Who gets at what: functions, topics, streams and shells, tried by whom they are not for."""
