// Loaded before a program. The first process of a container ignores every signal that it has no listener for, so one that
// is told to stop before it has got so far would run on until it is killed.
process.on('SIGTERM', () => {
  if (process.listenerCount('SIGTERM') === 1) process.exit(0)
})
