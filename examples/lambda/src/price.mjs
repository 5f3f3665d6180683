/** What an order costs, in cents: from ten pieces on, one in ten is free. */
export const price = ({ pieces, each }) => (pieces - Math.floor(pieces / 10)) * each
