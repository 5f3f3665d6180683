import { readFileSync } from 'node:fs'
import { greeting } from './greeting.mjs'

const { commit } = JSON.parse(readFileSync(new URL('./version.json', import.meta.url), 'utf8'))

export const handler = async ({ name = 'world' } = {}) => {
  console.log(`greeting ${name}`)
  return { message: greeting(name), stage: process.env.STAGE, region: process.env.AWS_REGION, commit }
}
