/** Runtimes that AWS no longer makes functions of, and those that it still does. */
import { expect, test } from 'vitest'
import { retiredRuntime } from './lambda-runtimes.ts'

test.each(['nodejs', 'nodejs8.10', 'nodejs10.x', 'nodejs14.x', 'python2.7', 'python3.7', 'go1.x', 'java8'])(
  '%s',
  (one) => expect(retiredRuntime(one)).toContain(`The runtime parameter of ${one} is no longer supported`),
)

test.each(['nodejs18.x', 'nodejs20.x', 'nodejs24.x', 'python3.8', 'python3.14', 'java8.al2', 'provided.al2'])(
  '%s is taken',
  (one) => expect(retiredRuntime(one)).toBe(undefined),
)
