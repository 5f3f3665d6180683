import { greet } from './greet.mjs'

export const handler = async () => ({ message: greet('orders') })
