import { expect, test } from 'vitest'
import { fitsShorthand, readShorthand, writeShorthand } from './stack-set.ts'

test('parameters are read as they are written', () => {
  const parameters = { Size: 'large', Url: 'https://acme.example/a' }
  expect(readShorthand(writeShorthand(parameters))).toEqual([
    { key: 'Size', value: 'large' },
    { key: 'Url', value: 'https://acme.example/a' },
  ])
  expect(readShorthand('\n ParameterKey=A,UsePreviousValue=true\n')).toEqual([{ key: 'A' }])
})

test('a parameter has a value or keeps the one before', () => {
  expect(readShorthand('ParameterKey=A')).toBeUndefined()
  expect(readShorthand('ParameterKey=A,ParameterValue=b,UsePreviousValue=true')).toBeUndefined()
  expect(readShorthand('ParameterValue=b')).toBeUndefined()
  expect(readShorthand('A=b')).toBeUndefined()
})

test('what the shorthand cannot say does not fit it', () => {
  expect(['a-b', '10.0.0.0/16'].every(fitsShorthand)).toBe(true)
  expect(['', 'a b', 'a,b', 'a=b', '"a"'].some(fitsShorthand)).toBe(false)
})
