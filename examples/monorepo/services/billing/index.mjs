import { greet } from '../../libs/greet.mjs'

export const handler = async () => ({ message: greet('billing') })
