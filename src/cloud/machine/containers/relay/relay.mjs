/**
 * Stands in a pod's network and leads connections into it and out of it, through sockets in a folder of the cloud's.
 * `node relay.mjs '{"folder":"/tmp/x","forwards":[{"host":"127.0.0.1","port":4566,"socket":"0"}]}'`
 *
 * Out: what is connected to a forwarded address goes to the socket of its name. In: whoever connects to the socket `in`
 * says a port in its first line. Ends when its standard input does: its owner is gone then.
 */
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

const { folder, forwards } = JSON.parse(process.argv[2])

function joined(one, other) {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ]) {
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
    from.pipe(to)
  }
}

const listening = (server, ...at) =>
  new Promise((resolve, reject) => server.once('error', reject).listen(...at, resolve))

const outward = ({ host, port, socket }) =>
  listening(
    createServer({ allowHalfOpen: true }, (from) =>
      joined(from, connect({ path: join(folder, socket), allowHalfOpen: true })),
    ),
    port,
    host,
  )

function inward(from) {
  let head = Buffer.alloc(0)
  from.on('error', () => undefined)
  const take = (chunk) => {
    head = Buffer.concat([head, chunk])
    const end = head.indexOf(10)
    if (end < 0) return
    from.off('data', take)
    from.pause()
    const to = connect({
      port: Number(head.toString('latin1', 0, end)),
      host: '127.0.0.1',
      allowHalfOpen: true,
    })
    if (head.length > end + 1) from.unshift(head.subarray(end + 1))
    joined(from, to)
  }
  from.on('data', take)
}

await Promise.all([
  ...forwards.map(outward),
  listening(createServer({ allowHalfOpen: true }, inward), join(folder, 'in')),
])
process.stdin
  .on('end', () => process.exit())
  .on('error', () => process.exit())
  .resume()
process.stdout.write('ready\n')
