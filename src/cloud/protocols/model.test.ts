import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { services } from '../../../scripts/model-choices.js'
import { isModelled, loadModel } from './index.ts'

test('every model is known and generated', () => {
  const files = readdirSync(new URL('./models/', import.meta.url)).map((name) => name.replace('.json', ''))
  expect(files.sort()).toEqual([...services].sort())
  expect(services.filter((one) => !isModelled(one))).toEqual([])
})

test('every model loads and names itself', () => {
  for (const service of services) {
    const model = loadModel(service)
    expect(model.name).toBe(service)
    expect(model.operations.size).toBeGreaterThan(0)
    expect(loadModel(service)).toBe(model)
  }
})

test('a service without a model is an error that names it', () => {
  expect(() => loadModel('gamelift')).toThrow('gamelift')
  expect(() => loadModel('../../../package')).toThrow('No model')
})

test('an error is found by its code and by its name', () => {
  const iam = loadModel('iam')
  expect(iam.error('NoSuchEntity')).toBe(iam.error('NoSuchEntityException'))
  expect(iam.error('NoSuchError')).toBeUndefined()
})
