// Preloaded into what `npm start` starts: ends the process when the one that started it is gone without a word, so that
// nothing is left behind on a port. The channel alone keeps nothing running.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
