// What allauth's script leaves to us: say in words when a passkey cannot be used here, and when it was not shown.
(() => {
  const show = (name) => document.querySelectorAll(`[data-passkey="${name}"]`).forEach((one) => { one.hidden = false })
  // An address of digits has no name that a key could belong to.
  const nameless = /^[\d.]+$|^\[/.test(location.hostname)
  const unable = !window.isSecureContext || !window.PublicKeyCredential || nameless
  addEventListener('DOMContentLoaded', () => {
    if (unable) {
      show('unable')
      document.querySelectorAll('[data-passkey-button]').forEach((one) => { one.disabled = true })
    }
  })
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault()
    show('failed')
  })
})()
