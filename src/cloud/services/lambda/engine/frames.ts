/** The frames a function's process speaks: a line of JSON with the length of the bytes behind it. */

export interface Frame {
  /** After `fatal` and `init-error` the process ends. */
  readonly type: 'ready' | 'init-error' | 'log' | 'result' | 'error' | 'fatal'
  readonly id?: string
  /** Megabytes the process uses. */
  readonly memory?: number
  readonly length: number
}

export function frame(header: Record<string, unknown>, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ ...header, length: body.byteLength })}\n`), body])
}

/** Gives a function that takes chunks as they come and calls back for every whole frame. */
export function frameReader(onFrame: (header: Frame, body: Buffer) => void): (chunk: Buffer) => void {
  let received: Buffer = Buffer.alloc(0)
  return (chunk) => {
    received = received.length ? Buffer.concat([received, chunk]) : chunk
    for (;;) {
      const end = received.indexOf(10)
      if (end < 0) return
      const header = JSON.parse(received.toString('utf8', 0, end)) as Frame
      const next = end + 1 + header.length
      if (received.length < next) return
      const body = received.subarray(end + 1, next)
      received = received.subarray(next)
      onFrame(header, body)
    }
  }
}
