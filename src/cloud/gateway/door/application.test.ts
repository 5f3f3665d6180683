/** Who is let in at the port of an application. */
import { expect, test } from 'vitest'
import { refusedAtApplication } from './application.ts'
import { knockOf } from './knock.ts'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0.0.0'
const APP = 'http://localhost:3000'

const refusal = (headers: Readonly<Record<string, string>>, method = 'GET') =>
  refusedAtApplication(
    knockOf({
      method,
      url: '/?Action=x',
      rawHeaders: Object.entries({ Host: '127.0.0.1:4000', ...headers }).flat(),
    }),
    new Set([APP]),
  )?.message

test.each<Readonly<Record<string, string>>>([
  {},
  { Host: 'shop.example' },
  { Host: 'shop.example', 'User-Agent': 'curl/8' },
  { Origin: 'http://127.0.0.1:4000', 'Sec-Fetch-Site': 'same-origin', 'User-Agent': BROWSER },
  { Origin: APP, 'Sec-Fetch-Site': 'cross-site', 'User-Agent': BROWSER },
])('%j is let in', (headers) => {
  expect(refusal(headers, 'POST')).toBeUndefined()
})

test.each<Readonly<Record<string, string>>>([
  { Host: 'shop.example', 'User-Agent': BROWSER, 'Sec-Fetch-Site': 'none' },
  { Host: 'evil.example', Origin: 'http://evil.example' },
  { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Site': 'same-site' },
  { 'User-Agent': BROWSER },
])('%j is refused', (headers) => {
  expect(refusal(headers)).toBeDefined()
})
