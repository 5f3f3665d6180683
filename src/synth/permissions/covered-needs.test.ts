import { expect, it } from 'vitest'
import { withoutCovered } from './covered-needs.ts'

const need = (action: string, resource: string, context?: Record<string, string>) => ({
  principal: 'arn:aws:iam::222222222222:role/r',
  action,
  resource,
  because: 'to create it',
  ...(context && { context }),
})
const kept = (...needs: ReturnType<typeof need>[]) =>
  withoutCovered(needs).map(({ action, resource }) => `${action} ${resource}`)

it('what a wider pattern allows is not asked for again', () => {
  expect(kept(need('a:Get', 'arn:x/*/y/*'), need('a:Get', 'arn:x/*'), need('a:Get', 'arn:x/1'))).toEqual([
    'a:Get arn:x/*',
  ])
})

it('other calls, other conditions and patterns that only look alike are', () => {
  const all = [
    need('a:Get', 'arn:x/*'),
    need('a:Put', 'arn:x/1'),
    need('a:Get', 'arn:x/1', { 'iam:PassedToService': 'y' }),
    need('a:Get', 'arn:xx/1'),
    need('a:Get', 'arn:*/2'),
  ]
  expect(kept(...all)).toHaveLength(all.length)
})

it('what stands between two stars has to come in their order, and an end only once', () => {
  const all = [
    need('a:Get', 'arn:x/*-b-*-c'),
    need('a:Get', 'arn:x/1-c-b-'),
    need('a:Get', 'arn:x/1-b-c'),
    need('a:Get', 'arn:x/1-b-2-c'),
  ]
  expect(kept(...all)).toEqual(all.slice(0, 3).map(({ action, resource }) => `${action} ${resource}`))
})

it('the same need twice stays', () => {
  expect(kept(need('a:Get', 'arn:x/*'), need('a:Get', 'arn:x/*'))).toHaveLength(2)
})
