// A wall counts anew every minute. While the server cannot be reached the last picture stays, and its clock says how old it is.
setInterval(async () => {
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, credentials: 'same-origin' })
    if (answer.ok) location.reload()
  } catch {
    // Not reached: tried again in a minute.
  }
}, 60_000)
