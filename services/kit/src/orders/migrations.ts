/**
 * The schema, step by step: `user_version` counts the steps that a file has taken. A step that has been released never
 * changes; a change is a new step at the end. Times are milliseconds since the epoch, amounts minor units.
 */
export const migrations: readonly string[] = [
  `
  create table world (
    id integer primary key check (id = 1),
    carrier text not null,
    seed text not null
  ) strict;

  create table orders (
    id integer primary key,
    locator text not null unique,
    client_reference text not null unique,
    content_hash text not null,
    status text not null check (status in ('held', 'confirmed', 'cancelled', 'lapsed')),
    created_at integer not null,
    pay_by integer,
    departs_at integer not null,
    brand text not null,
    cabin text not null,
    offer_expires_at integer not null, -- seconds, as in OfferKey
    adults integer not null check (adults >= 0),
    children integer not null check (children >= 0),
    infants integer not null check (infants >= 0),
    email text not null,
    phone text not null,
    base integer not null check (base >= 0),
    tax integer not null check (tax >= 0),
    seats integer not null check (seats >= 0),
    baggage integer not null check (baggage >= 0),
    total integer not null check (total = base + tax + seats + baggage),
    cancel_fee integer check (cancel_fee >= 0), -- per adult and child; null: the fare is not refundable
    refund integer check (refund >= 0),
    fee integer check (fee >= 0),
    check (status <> 'held' or pay_by is not null),
    check (status <> 'confirmed' or pay_by is null),
    check ((status = 'cancelled') = (refund is not null) and (refund is null) = (fee is null))
  ) strict;
  create index holds_by_due_time on orders (pay_by) where status = 'held';

  create table order_passengers (
    order_id integer not null references orders (id),
    id text not null,
    type text not null check (type in ('adult', 'child', 'infant')),
    title text not null,
    given_name text not null,
    family_name text not null,
    born_on text not null,
    gender text not null check (gender in ('female', 'male', 'unspecified')),
    primary key (order_id, id)
  ) strict;

  -- live = 1 while the order is held or confirmed, that is while it takes something from the flight.
  create table order_flights (
    order_id integer not null references orders (id),
    flight_key text not null,
    live integer not null check (live in (0, 1)),
    primary key (order_id, flight_key)
  ) strict;
  create index live_orders_of_flight on order_flights (flight_key) where live = 1;

  create table order_seats (
    order_id integer not null,
    flight_key text not null,
    passenger_id text not null,
    designator text not null,
    price integer not null check (price >= 0),
    live integer not null check (live in (0, 1)),
    primary key (order_id, flight_key, passenger_id),
    foreign key (order_id, flight_key) references order_flights (order_id, flight_key),
    foreign key (order_id, passenger_id) references order_passengers (order_id, id)
  ) strict;
  create unique index one_owner_per_seat on order_seats (flight_key, designator) where live = 1;

  create table order_baggage (
    order_id integer not null,
    passenger_id text not null,
    code text not null,
    quantity integer not null check (quantity > 0),
    price integer not null check (price >= 0),
    primary key (order_id, passenger_id, code),
    foreign key (order_id, passenger_id) references order_passengers (order_id, id)
  ) strict;

  create table ledger (
    id integer primary key,
    order_id integer not null references orders (id),
    at integer not null,
    kind text not null check (kind in ('payment', 'refund')),
    amount integer not null check (amount > 0)
  ) strict;
  create index ledger_of_order on ledger (order_id);
  `,
  `
  -- The clock, where it was moved away from real time.
  create table moved_clock (
    id integer primary key check (id = 1),
    offset_ms integer not null,
    frozen_at integer
  ) strict;

  -- What was made to happen to flights: seats taken, cabins sold out, prices moved by others than orders.
  create table world_changes (
    flight_key text not null,
    kind text not null check (kind in ('price', 'sold_out', 'seat')),
    what text not null, -- cabin or seat; '' for a price
    factor real, -- of a price
    primary key (flight_key, kind, what),
    check ((kind = 'price') = (factor is not null))
  ) strict;
  `,
]
