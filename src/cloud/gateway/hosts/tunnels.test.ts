/** The target of CONNECT is a host and a port, and nothing else. */
import { expect, test } from 'vitest'
import { tunnelEnd } from './tunnels.ts'

test.each([
  ['a.example:443', { host: 'a.example', port: 443 }],
  ['127.0.0.1:1', { host: '127.0.0.1', port: 1 }],
  ['[::1]:65535', { host: '[::1]', port: 65535 }],
  ['a.example', undefined],
  ['a.example:0', undefined],
  ['a.example:65536', undefined],
  [':443', undefined],
  ['user@a.example:443', undefined],
  ['http://a.example:443', undefined],
  ['a.example:443/x', undefined],
  ['', undefined],
])('%s', (target, end) => expect(tunnelEnd(target)).toEqual(end))
