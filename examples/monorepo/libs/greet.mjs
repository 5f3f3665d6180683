/** What every service says. */
export const greet = (service) => `${process.env.GREETING}, ${service} in ${process.env.CITY}`
