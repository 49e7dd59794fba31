/** The one way the screens talk to the server. Problems come back as ApiError with a sentence for the reader. */
import { learnServerTime } from './time'
import { language, t } from './words'

interface Problem {
  title?: string
  detail?: string
  code?: string
  fields?: Record<string, string>
}

export class ApiError extends Error {
  readonly code: string
  readonly fields: Record<string, string>

  constructor(
    readonly status: number,
    problem: Problem,
  ) {
    super(problem.detail || problem.title || t('problem.unknown', { status }))
    this.code = problem.code ?? ''
    this.fields = problem.fields ?? {}
  }

  /** True when the same request may succeed later: nothing was refused. */
  get passing(): boolean {
    return this.status === 0 || this.status === 503 || this.status === 502 || this.status === 504 || this.status === 429
  }
}

type Query = Record<string, string | number | boolean | null | undefined>

const AWAY = 60_000
let lastTouch = Date.now()
for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, () => (lastTouch = Date.now()), { passive: true, capture: true })

let csrf = ''
let purpose = ''
let whenSignedOut: () => void = () => undefined

export function useCsrf(token: string): void {
  csrf = token
}

/** From now on requests say for what a confidential case is read. */
export function readFor(what: string): void {
  purpose = what
}

export function onSignedOut(act: () => void): void {
  whenSignedOut = act
}

export function address(path: string, query: Query = {}): string {
  const filled = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const search = new URLSearchParams(filled.map(([key, value]) => [key, String(value)])).toString()
  return search ? `${path}${path.includes('?') ? '&' : '?'}${search}` : path
}

export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return ask<T>(address(path, query), { method: 'GET', signal })
}

/** Change something. The key makes a repeated attempt harmless: keep it while the body stays the same. */
export async function send<T>(path: string, body: unknown, key: string, method = 'POST'): Promise<T> {
  return ask<T>(path, {
    method,
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, 'X-CSRFToken': csrf },
  })
}

async function ask<T>(url: string, init: RequestInit): Promise<T> {
  let answer: Response
  try {
    answer = await fetch(url, {
      credentials: 'same-origin',
      ...init,
      headers: { Accept: 'application/json', 'Accept-Language': language.value, ...background(), ...reading(), ...init.headers },
    })
  } catch (cause) {
    if ((cause as Error).name === 'AbortError') throw cause
    throw new ApiError(0, { detail: t('problem.network'), code: 'network' })
  }
  learnServerTime(answer.headers.get('Date'))
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as T
  throw await refusal(answer)
}

/** What the page asks by itself while nobody is there must not keep a session alive. */
function background(): Record<string, string> {
  return Date.now() - lastTouch > AWAY ? { 'X-Background': 'yes' } : {}
}

/** Headers carry ASCII only; the server takes the purpose percent-encoded. */
function reading(): Record<string, string> {
  return purpose ? { Purpose: encodeURIComponent(purpose) } : {}
}

async function refusal(answer: Response): Promise<ApiError> {
  const problem: Problem = await answer.json().catch(() => ({}))
  if (answer.status === 401) {
    whenSignedOut()
    return new ApiError(401, { ...problem, detail: t('problem.signed_out') })
  }
  return new ApiError(answer.status, problem)
}

/** Send a file and tell how far it is. XMLHttpRequest, because fetch cannot report the progress of a body. */
export function upload<T>(file: Blob, name: string, progress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const form = new FormData()
    form.append('file', file, name)
    request.open('POST', '/api/files')
    request.setRequestHeader('X-CSRFToken', csrf)
    request.setRequestHeader('Idempotency-Key', newKey())
    request.setRequestHeader('Accept-Language', language.value)
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    request.onerror = () => reject(new ApiError(0, { detail: t('problem.network'), code: 'network' }))
    request.onload = () => {
      const body = parsed(request.responseText)
      if (request.status < 300) return resolve(body as T)
      if (request.status === 401) whenSignedOut()
      reject(new ApiError(request.status, body as Problem))
    }
    request.send(form)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** A fresh key. randomUUID only exists in secure contexts; a demo may be served over plain HTTP. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
