import { describe, expect, it } from 'vitest'
import { PrivateNetwork, privateNetwork } from './private-network.ts'

const scope = { account: '111111111111', region: 'us-east-1' }
const other = { account: '222222222222', region: 'us-east-1' }

describe('a private network', () => {
  it('gives each that runs an address of its own, in each account and region', () => {
    const network = new PrivateNetwork()
    expect(network.take(scope, '172.31.0.5')).toBe('172.31.0.5')
    expect([network.take(scope), network.take(scope), network.take(other)]).toEqual([
      '172.31.0.4',
      '172.31.0.6',
      '172.31.0.4',
    ])
    network.release(scope, '172.31.0.5')
    expect(network.take(scope)).toBe('172.31.0.5')
  })

  it('finds what is registered, and nothing else', () => {
    const network = new PrivateNetwork()
    const address = { ...scope, ip: '172.31.0.4', port: 80 }
    const first = network.register(address, { kind: 'port', port: 1 })
    network.register(address, { kind: 'port', port: 2 })
    first()
    expect(network.find(address)).toEqual({ kind: 'port', port: 2 })
    expect(network.find({ ...address, port: 81 })).toBeUndefined()
    expect(network.find({ ...address, ...other })).toBeUndefined()
  })

  it('is one of its own in each cloud', () => {
    const network = privateNetwork.make({} as never)
    expect(network).toBeInstanceOf(PrivateNetwork)
    expect(privateNetwork.make({} as never)).not.toBe(network)
  })

  it('no longer finds what has ended', () => {
    const network = new PrivateNetwork()
    const address = { ...scope, ip: '172.31.0.4', port: 80 }
    network.register(address, { kind: 'port', port: 1 })()
    expect(network.find(address)).toBeUndefined()
  })
})
