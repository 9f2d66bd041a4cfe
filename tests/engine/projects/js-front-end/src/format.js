const pad = (number) => String(number).padStart(2, "0");

export const clock = (date) => `${pad(date.getHours())}:${pad(date.getMinutes())}`;
