/** What the query protocol's decoder keeps of a request. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { decode, type Fields, loadModel, route, type WireRequest } from './index.ts'

const model = loadModel('cloudformation')
setFlagsFromString('--expose_gc')
const collectGarbage: () => void = runInNewContext('gc')

const request = (text: string): WireRequest => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: {},
  host: '127.0.0.1',
  body: Buffer.from(text),
})

test('a value that is kept does not keep the whole request', () => {
  const megabytes = () => {
    collectGarbage()
    return process.memoryUsage().heapUsed / 2 ** 20
  }
  const kept: unknown[] = []
  const before = megabytes()
  for (let number = 0; number < 200; number++) {
    const template = `${number}`.padEnd(200_000, 'x')
    const wire = request(
      `Action=CreateStack&StackName=a-stack-of-some-length-${number}&TemplateBody=${template}`,
    )
    const input: Fields = decode(model, route(model, wire), wire)
    kept.push(input.StackName)
  }
  expect(kept[199]).toBe('a-stack-of-some-length-199')
  // Two hundred bodies are 40 MB.
  expect(megabytes() - before).toBeLessThan(10)
})
